package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The colours of the curves, as readers see them who lack one kind of cones. */
class CurveColoursTest {
  /** What a full lack of red or of green cones makes of linear light (Machado et al., 2009). */
  private static final List<double[][]> EYES =
      List.of(
          new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
          new double[][] {
            {0.152286, 1.052583, -0.204868},
            {0.114503, 0.786281, 0.099216},
            {-0.003882, -0.048116, 1.051998}
          },
          new double[][] {
            {0.367322, 0.860646, -0.227968},
            {0.280085, 0.672501, 0.047413},
            {-0.011820, 0.042940, 0.968881}
          });

  /** From linear light to the cones of Oklab (Ottosson, 2020), and from their roots to Oklab. */
  private static final double[][] CONES = {
    {0.4122214708, 0.5363325363, 0.0514459929},
    {0.2119034982, 0.6806995451, 0.1073969566},
    {0.0883024619, 0.2817188376, 0.6299787005}
  };

  private static final double[][] OKLAB = {
    {0.2104542553, 0.7936177850, -0.0040720468},
    {1.9779984951, -2.4285922050, 0.4505937099},
    {0.0259040371, 0.7827717662, -0.8086757660}
  };

  /** Five times what is just noticed. */
  private static final double APART = 0.1;

  private static double[] times(double[][] matrix, double[] x) {
    return IntStream.range(0, 3)
        .mapToDouble(i -> matrix[i][0] * x[0] + matrix[i][1] * x[1] + matrix[i][2] * x[2])
        .toArray();
  }

  private static double[] light(String hex) {
    return IntStream.of(1, 3, 5)
        .mapToDouble(at -> Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0)
        .map(c -> c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4))
        .toArray();
  }

  private static double[] seen(double[][] eye, String hex) {
    double[] light = times(eye, light(hex));
    double[] cones =
        times(CONES, IntStream.range(0, 3).mapToDouble(i -> Math.max(0, light[i])).toArray());
    return times(OKLAB, IntStream.range(0, 3).mapToDouble(i -> Math.cbrt(cones[i])).toArray());
  }

  private static double luminance(String hex) {
    double[] light = light(hex);
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  }

  @ParameterizedTest
  @CsvSource({"light, #ffffff", "dark, #1d2024"})
  void curvesAreToldApartByEveryReader(String theme, String behind) {
    String script = ResourceText.read("/lossmith/report/charts.js");
    String list =
        Pattern.compile(theme + ": \\[([^]]+)]")
            .matcher(script)
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElse("");
    List<String> colours =
        Pattern.compile("#[0-9a-f]{6}").matcher(list).results().map(MatchResult::group).toList();
    assertEquals(8, colours.size());
    for (String one : colours) {
      double brighter = Math.max(luminance(one), luminance(behind)) + 0.05;
      double darker = Math.min(luminance(one), luminance(behind)) + 0.05;
      // WCAG 2.1 asks so much of graphics.
      assertTrue(brighter / darker >= 3, one + " on " + behind);
      for (String other : colours.subList(0, colours.indexOf(one))) {
        for (double[][] eye : EYES) {
          double[] a = seen(eye, one);
          double[] b = seen(eye, other);
          double apart = Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
          assertTrue(apart >= APART, one + " and " + other + " are " + apart + " apart");
        }
      }
    }
  }
}
