package lossmith.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes as people write them: 500M, 2G, 1.5GiB; powers of 1024. */
final class MemorySize implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kmgt])?(?:i?b)?");
  private static final String UNITS = "kmgt";

  /** Less does not hold what one piece of rollouts needs. */
  private static final long LEAST = 256L << 20;

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no amount of memory; write a number of MiB or GiB, such as 500M or 2G");
    }
    String unit = size.group(2);
    double bytes =
        Double.parseDouble(size.group(1))
            * Math.pow(1024, unit == null ? 0 : 1 + UNITS.indexOf(unit));
    if (bytes < LEAST) {
      throw new TypeConversionException("'" + text + "' is too little; the least is 256M");
    }
    return (long) bytes;
  }
}
