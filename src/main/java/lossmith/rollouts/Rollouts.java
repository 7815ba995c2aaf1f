package lossmith.rollouts;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.data.Samples;

/**
 * Rollouts as they were read: what exists for an objective, and where it stood in the file.
 *
 * @param samples the policy's tokens; the id of each response is its row in the file, from 0
 * @param slots for each token, its place in the lists of its row, from 0
 * @param ungrouped why responses are not grouped by prompt, if they are not; then each is a group
 *     of its own, and no loss that compares the responses of a prompt means anything
 * @param notes what was recognised, left out and counted, one sentence each
 */
public record Rollouts(Samples samples, int[] slots, Option<String> ungrouped, Seq<String> notes) {}
