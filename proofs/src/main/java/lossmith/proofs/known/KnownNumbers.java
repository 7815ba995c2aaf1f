package lossmith.proofs.known;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * What the known objectives say of the numbers of a piece that has the form of one of them.
 *
 * @param found whether some known objective has it, whatever its parameters are
 * @param mistaken the one of which all numbers but one go together
 */
record KnownNumbers(boolean found, Option<Kin> mistaken) {
  /** A form without some numbers is smaller by a few terms. */
  private static final int APART = 6;

  static KnownNumbers of(Fragment piece) {
    Seq<KnownObjective> all =
        List.ofAll(KnownObjectives.papers().of(piece.kind()))
            .appendAll(KnownObjectives.trainers().of(piece.kind()))
            .filter(known -> isNear(piece, known));
    Seq<Tuple2<KnownObjective, NumbersTogether.Verdict>> verdicts =
        all.flatMap(
            known ->
                NumberPair.between(piece.shape(), known.fragment().shape())
                    .map(pairs -> Tuple.of(known, NumbersTogether.of(pairs))));
    if (verdicts.exists(one -> one._2.together() && one._2.named())) {
      return new KnownNumbers(true, Option.none());
    }
    Option<Kin> named = mistaken(piece, verdicts.filter(one -> one._2.named()));
    if (named.isDefined()) {
      return new KnownNumbers(false, named);
    }
    boolean together = verdicts.exists(one -> one._2.together());
    return new KnownNumbers(together, together ? Option.none() : mistaken(piece, verdicts));
  }

  private static Option<Kin> mistaken(
      Fragment piece, Seq<Tuple2<KnownObjective, NumbersTogether.Verdict>> verdicts) {
    return verdicts
        .flatMap(one -> one._2.mistaken().map(pair -> Kin.ofNumbers(piece, one._1, pair)))
        .headOption();
  }

  private static boolean isNear(Fragment piece, KnownObjective known) {
    return Math.abs(piece.shape().size() - known.fragment().shape().size()) <= APART;
  }
}
