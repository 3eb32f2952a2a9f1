"""From words to blocks: lines, columns, tables, headings."""
