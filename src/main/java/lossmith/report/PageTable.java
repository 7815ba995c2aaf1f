package lossmith.report;

import io.vavr.collection.Seq;

/**
 * A table of a page.
 *
 * @param heading above it
 * @param head the names of its columns, the first of which may be empty
 * @param rows its cells
 * @param note below it, which says what the numbers are
 */
public record PageTable(String heading, Seq<String> head, Seq<Seq<String>> rows, String note) {}
