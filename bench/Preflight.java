import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Prints what PDFBox's validator of PDF/A-1b complains of in files: name, tab, complaint. */
public class Preflight {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            for (ValidationResult.ValidationError error : validated(file).getErrorsList()) {
                System.out.println(file + "\t" + error.getErrorCode() + " " + error.getDetails());
            }
        }
    }

    private static ValidationResult validated(String file) throws Exception {
        try {
            PreflightParser parser = new PreflightParser(new File(file));
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                return document.getResult();
            }
        } catch (SyntaxValidationException error) {
            return error.getResult();
        }
    }
}
