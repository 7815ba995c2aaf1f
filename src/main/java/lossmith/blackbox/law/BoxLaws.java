package lossmith.blackbox.law;

import io.vavr.collection.Seq;

/** All laws of losses whose inside nobody sees. */
public final class BoxLaws {
  private BoxLaws() {}

  static Seq<BoxLaw> all() {
    return CallLaws.all()
        .appendAll(SlotLaws.all())
        .appendAll(DirectionLaws.all())
        .appendAll(SettingLaws.all());
  }

  /** {@return their names} */
  public static Seq<String> names() {
    return all().map(BoxLaw::name);
  }
}
