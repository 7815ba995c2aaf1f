package lossmith.rollouts;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.Serializable;
import lossmith.dsl.Problem;

/**
 * What is found in a part of rollouts, of which the whole is put together ({@link RolloutParts}):
 * an entry for each of its rows, and what is wrong with them.
 *
 * @param numbers which of all rows of the files each is
 * @param lengths how many tokens each has
 * @param existing how many of them are the policy's
 * @param groups the prompt of each, by the number of its first row
 * @param unscored which have no reward; empty where the files have no rewards
 * @param signs the sign of each; empty where the files have no signs
 * @param measure the column whose lists say how many tokens there are
 * @param ids the column of prompts, if there is one
 * @param ofBatch columns with one number for all rows
 * @param notes what is told of the columns
 * @param problems what is wrong
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
public record PartFacts(
    int[] numbers,
    int[] lengths,
    int[] existing,
    int[] groups,
    boolean[] unscored,
    double[] signs,
    String measure,
    Option<String> ids,
    Map<String, Double> ofBatch,
    Seq<String> notes,
    Seq<Problem> problems)
    implements Serializable {}
