package lossmith.report;

import io.vavr.collection.Seq;

/**
 * The chart that shows what became of a claim: numbers of some runs, step by step.
 *
 * @param title of the chart
 * @param note beside it, which says what was measured
 * @param numbers their names in the rows, or the ends of the names of measurements on held-out
 *     prompts; the second of two is dashed
 * @param unit what its axis says
 * @param recipes whose curves are shown
 */
public record ClaimChart(
    String title, String note, Seq<String> numbers, String unit, Seq<String> recipes) {}
