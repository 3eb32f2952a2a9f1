// Starts DynamoDB Local on 127.0.0.1 only, on a port of the system's choice; left to itself it listens
// on every interface. Prints the port. Ends when its standard input does, so that it never outlives
// the tests.

import java.lang.reflect.Field;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

public class Loopback {
    public static void main(String[] args) throws Exception {
        String[] options = {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", "8000"};
        DynamoDBProxyServer proxy = ServerRunner.createServerFromCommandLineArgs(options);
        Field field = DynamoDBProxyServer.class.getDeclaredField("server");
        field.setAccessible(true);
        ServerConnector connector = (ServerConnector) ((Server) field.get(proxy)).getConnectors()[0];
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        proxy.start();
        System.out.println("port " + connector.getLocalPort());
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
