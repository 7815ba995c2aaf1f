package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.blackbox.SameNumbers.Agreement;

/**
 * The objectives that have the gradient of a loss, and those of them that have its value too, as
 * near as any has: an objective with both comes before one with the gradient alone.
 */
record DirectMatches(Seq<Candidate> slopes, Seq<Candidate> equal, Agreement agreement) {
  static DirectMatches of(Seq<Candidate> all, SameNumbers same, Agreement loosest) {
    Seq<Candidate> open = all.filter(one -> same.with(one.box(), false, loosest)).toVector();
    Seq<DirectMatches> each =
        List.of(Agreement.values())
            .filter(agreement -> agreement.compareTo(loosest) <= 0)
            .map(agreement -> at(agreement, open, same));
    return each.find(one -> one.equal.nonEmpty())
        .orElse(each.find(one -> one.slopes.nonEmpty()))
        .getOrElse(each.last());
  }

  private static DirectMatches at(Agreement agreement, Seq<Candidate> open, SameNumbers same) {
    Seq<Candidate> slopes = open.filter(one -> same.with(one.box(), false, agreement)).toVector();
    return new DirectMatches(
        slopes, slopes.filter(one -> same.with(one.box(), true, agreement)), agreement);
  }

  Option<Candidate> best() {
    return equal.headOption().orElse(slopes.headOption());
  }
}
