package lossmith.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiFunction;

/** Ways in which the bytes of a file come to harm, or differ without harm. */
enum ByteMutation {
  CUT((bytes, draw) -> Arrays.copyOf(bytes, draw.below(bytes.length))),
  BEHEADED((bytes, draw) -> Arrays.copyOfRange(bytes, draw.below(bytes.length), bytes.length)),
  FLIPPED(
      (bytes, draw) -> {
        byte[] other = bytes.clone();
        for (int i = 0; i < draw.between(1, 4); i++) {
          other[draw.below(other.length)] ^= (byte) (1 << draw.below(8));
        }
        return other;
      }),
  REPLACED(
      (bytes, draw) -> {
        byte[] other = bytes.clone();
        String some = "[]{}\",:0-e.\n\0 ";
        other[draw.below(other.length)] =
            draw.oneIn(3) ? (byte) draw.below(256) : (byte) some.charAt(draw.below(some.length()));
        return other;
      }),
  SPLICED(
      (bytes, draw) -> {
        int at = draw.below(bytes.length);
        int from = draw.below(bytes.length);
        return joined(
            Arrays.copyOf(bytes, at),
            Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + draw.below(64))),
            Arrays.copyOfRange(bytes, Math.min(bytes.length, at + draw.below(64)), bytes.length));
      }),
  FOLLOWED(
      (bytes, draw) ->
          joined(bytes, draw.of("x", "\0\0", "]", "{", "}").getBytes(StandardCharsets.UTF_8))),
  TWICE((bytes, draw) -> joined(bytes, bytes)),
  ZEROS((bytes, draw) -> joined(bytes, new byte[draw.between(1, 600)])),
  OTHER_TEXT((bytes, draw) -> "no rollouts at all\n".getBytes(StandardCharsets.UTF_8)),
  NOTHING((bytes, draw) -> new byte[0]);

  @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
  private final BiFunction<byte[], Draw, byte[]> change;

  ByteMutation(BiFunction<byte[], Draw, byte[]> change) {
    this.change = change;
  }

  byte[] apply(byte[] bytes, Draw draw) {
    return bytes.length == 0 ? bytes : change.apply(bytes, draw);
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
