package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python with PyTorch, whose path is in the environment variable {@code LOSSMITH_PYTHON}. Without
 * it what needs one is left out, and said to be.
 */
record PythonProcess(String path) {
  private static final String VARIABLE = "LOSSMITH_PYTHON";
  private static final String TENSORFLOW = "LOSSMITH_PYTHON_TF";
  private static final int MINUTES = 10;

  /**
   * {@return the Python; without one the test ends here}
   *
   * @param what what is left out without it
   */
  static PythonProcess withTorch(String what) {
    String path = System.getenv(VARIABLE);
    if (path == null || path.isBlank()) {
      System.out.println("Python: left out without " + VARIABLE + ": " + what);
    }
    Assumptions.assumeTrue(path != null && !path.isBlank(), VARIABLE + " is not set");
    return new PythonProcess(Objects.requireNonNull(path));
  }

  /**
   * {@return a Python with TensorFlow: that of {@code LOSSMITH_PYTHON_TF}, else that of {@code
   * LOSSMITH_PYTHON} if it has it; without one the test ends here}
   *
   * @param what what is left out without it
   */
  static PythonProcess withTensorFlow(String what) throws Exception {
    String path = System.getenv(TENSORFLOW);
    return path == null || path.isBlank() ? with("tensorflow", what) : new PythonProcess(path);
  }

  /**
   * {@return the Python; without one that has a package, the test ends here}
   *
   * @param name the package
   * @param what what is left out without it
   */
  static PythonProcess with(String name, String what) throws Exception {
    String find = "importlib.util.find_spec('" + name + "')";
    return where(
        "import importlib.util, sys; sys.exit(" + find + " is None)", "the package " + name, what);
  }

  /**
   * {@return the Python, whose PyTorch finds a C++ compiler; without one the test ends here}
   *
   * @param what what is left out without it
   */
  static PythonProcess withCompiler(String what) throws Exception {
    return where(
        "from torch._inductor.cpp_builder import get_cpp_compiler; get_cpp_compiler()",
        "a C++ compiler that PyTorch finds",
        what);
  }

  /** The Python, where a program ends well; where it does not, something is missing. */
  private static PythonProcess where(String program, String missing, String what) throws Exception {
    PythonProcess python = withTorch(what);
    Process asked =
        new ProcessBuilder(python.path, "-c", program)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean there = asked.waitFor() == 0;
    if (!there) {
      System.out.println("Python: left out without " + missing + ": " + what);
    }
    Assumptions.assumeTrue(there, missing + " is not there");
    return python;
  }

  /** {@return the path of a script among the resources of the tests} */
  static String script(String name) throws Exception {
    return Path.of(
            Objects.requireNonNull(PythonProcess.class.getClassLoader().getResource(name)).toURI())
        .toString();
  }

  /** Runs a command to its end, which must be a good one. */
  void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(path));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "still running: " + command);
    assertEquals(0, process.exitValue(), String.join(" ", command));
  }
}
