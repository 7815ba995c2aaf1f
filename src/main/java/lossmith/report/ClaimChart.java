package lossmith.report;

import io.vavr.collection.Seq;

/**
 * The chart that shows what became of a claim: one number of some runs.
 *
 * @param title of the chart
 * @param note beside it, which says what was measured
 * @param number its name in the rows, or the end of the name of a measurement on held-out prompts
 * @param unit what its axis says
 * @param recipes whose curves are shown
 */
public record ClaimChart(
    String title, String note, String number, String unit, Seq<String> recipes) {}
