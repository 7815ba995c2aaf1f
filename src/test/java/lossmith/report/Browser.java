package lossmith.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/**
 * A Chromium without a window, through its driver. {@code CHROMIUM} and {@code CHROMEDRIVER} name
 * the programs where they are not on the path.
 */
final class Browser implements AutoCloseable {
  /** Held, so that its level is. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final long MOST_NANOSECONDS = 20_000_000_000L;

  private final ChromeDriver driver;

  private Browser(Path chromium, Path chromedriver) {
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    // As root, and without a graphics card or shared memory to speak of.
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    this.driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build(),
            options);
  }

  /** A browser, or nothing where this machine has none. */
  static Optional<Browser> open() {
    return found("CHROMIUM", "chromium", "chromium-browser", "google-chrome")
        .flatMap(
            chromium ->
                found("CHROMEDRIVER", "chromedriver").map(driver -> new Browser(chromium, driver)));
  }

  private static Optional<Path> found(String variable, String... names) {
    String named = System.getenv(variable);
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.of(names)
        .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(at -> Path.of(at, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens a page in a window of a size, and waits until its script has run to the end. */
  void show(Path page, int width, int height) {
    Object unused =
        driver.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.get(page.toUri().toString());
    long until = System.nanoTime() + MOST_NANOSECONDS;
    while (!"yes".equals(run("return document.documentElement.dataset.ready"))) {
      assertTrue(System.nanoTime() < until, "the script of the page ends");
      Thread.onSpinWait();
    }
  }

  /** Lets pages know which theme the reader has. */
  void theme(String theme) {
    Object unused =
        driver.executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  /** Runs a script in the page. */
  Object run(String script) {
    return Objects.requireNonNullElse(driver.executeScript(script), "nothing");
  }

  /** What the page has complained of since this was asked last. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
