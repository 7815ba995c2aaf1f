package lossmith.explain;

import io.vavr.collection.Seq;

/**
 * One thing that does not fit.
 *
 * @param start its first letter
 * @param end behind its last
 * @param wrote what it is
 * @param expected what would fit, and why
 * @param suggestions what could have been meant, the likeliest first
 */
record Mistake(int start, int end, String wrote, String expected, Seq<Suggestion> suggestions) {}
