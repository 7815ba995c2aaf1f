package lossmith.proofs.museum;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** What does not compile. */
final class TypeExhibits {
  private TypeExhibits() {}

  static Seq<Exhibit> all() {
    return List.of(
        new Exhibit(
            "response-weight-on-a-token-loss",
            Exhibit.Kind.AXIS,
            "huggingface/trl#6654: (B,1) × (B,T)",
            "a number per response times a number per token broadcasts by accident",
            "each token is weighed by whatever the shapes allow",
            new Caught.ByTypes(
                "maximise(logProb().weightedBy(reward()).mean(ALL_TOKENS))",
                "maximise(logProb().weightedBy(reward().per(TOKEN)).mean(ALL_TOKENS))",
                "Detached<Sequence> cannot be converted to Detached<Token>")),
        new Exhibit(
            "live-weight",
            Exhibit.Kind.DETACH,
            "huggingface/trl#1720: the ratio must be detached where it weighs log π",
            "a weight that still carries gradient",
            "the gradient of the weight is added to that of what it weighs",
            new Caught.ByTypes(
                "maximise(logProb().weightedBy(ratio()).mean(ALL_TOKENS))",
                "maximise(logProb().weightedBy(ratio().stopGradient()).mean(ALL_TOKENS))",
                "Term<Token> cannot be converted to Detached<Token>")),
        new Exhibit(
            "loss-that-is-no-number",
            Exhibit.Kind.AXIS,
            "google-research/batch-ppo#45; tensorflow/tensorflow#1406; pytorch/pytorch#16045",
            "one reduction too few",
            "shapes broadcast to a larger one and a mean hides it",
            new Caught.ByTypes(
                "maximise(logProb().mean(TOKENS))",
                "maximise(logProb().mean(TOKENS).mean(ALL_SEQUENCES))",
                "incompatible equality constraints Batch,Sequence")),
        new Exhibit(
            "mask-as-a-number",
            Exhibit.Kind.MASK,
            "Soup#1084: 0·inf",
            "a mask is multiplied where it should select",
            "what is masked is NaN and so is the sum",
            new Caught.ByTypes(
                "maximise(logProb().times(given(\"token_mask\","
                    + " TOKEN).positive()).mean(ALL_TOKENS))",
                "maximise(logProb().mean(ALL_TOKENS.where(given(\"token_mask\","
                    + " TOKEN).positive())))",
                "Condition<Token> cannot be converted to")));
  }
}
