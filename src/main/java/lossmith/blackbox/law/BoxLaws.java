package lossmith.blackbox.law;

import io.vavr.collection.Seq;

/** All laws of losses whose inside nobody sees. */
public final class BoxLaws {
  private BoxLaws() {}

  static Seq<BoxLaw> all() {
    return CallLaws.all()
        .appendAll(SlotLaws.all())
        .appendAll(DirectionLaws.all())
        .appendAll(RewardedLaws.all())
        .appendAll(EarnedLaws.all())
        .appendAll(LeftOutLaws.all())
        .appendAll(ValueLaws.all())
        .appendAll(SettingLaws.all());
  }

  /** Those of the direction of a loss: what is wrong with it is said before what is with a call. */
  static Seq<String> directions() {
    return DirectionLaws.all()
        .appendAll(RewardedLaws.all())
        .appendAll(EarnedLaws.all())
        .appendAll(ValueLaws.all())
        .map(BoxLaw::name);
  }

  /** {@return their names} */
  public static Seq<String> names() {
    return all().map(BoxLaw::name);
  }
}
