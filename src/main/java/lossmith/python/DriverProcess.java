package lossmith.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lossmith.dsl.Problem;

/**
 * The child process: it reads its program from its standard input, then one frame at a time. What
 * it starts is ended with it.
 */
final class DriverProcess implements AutoCloseable {
  private static final String START =
      "import os; requests = open(os.dup(0), 'rb'); "
          + "n = int.from_bytes(requests.read(4), 'little'); exec(compile(requests.read(n), "
          + "'lossmith driver', 'exec'), {'__name__': 'driver', 'REQUESTS': requests})";

  private static final int TAIL = 4000;
  private static final int SIGNAL = 128;
  private static final Duration END = Duration.ofSeconds(2);

  private final Process process;
  private final OutputStream to;
  private final InputStream from;
  private final StringBuilder said = new StringBuilder();
  private final Thread listener;
  private final Thread ending;

  private DriverProcess(Process process, byte[] program) throws IOException {
    this.process = process;
    this.to = process.getOutputStream();
    this.from = process.getInputStream();
    this.ending = new Thread(process::destroyForcibly, "lossmith-python-end");
    Runtime.getRuntime().addShutdownHook(ending);
    this.listener = new Thread(this::listen, "lossmith-python-errors");
    listener.setDaemon(true);
    listener.start();
    byte[] length =
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(program.length).array();
    to.write(length);
    to.write(program);
    to.flush();
  }

  /**
   * {@return a process that waits for frames}
   *
   * @param command the interpreter
   * @throws lossmith.dsl.ProblemException where there is no such program
   */
  static DriverProcess start(Interpreter command) {
    try {
      Process process = new ProcessBuilder(List.of(command.program(), "-u", "-c", START)).start();
      return new DriverProcess(process, program());
    } catch (IOException e) {
      throw Problem.of(
              "python",
              command.program() + ", which does not start: " + e.getMessage(),
              "a Python with PyTorch",
              "--interpreter PATH, or the path in the variable " + Interpreter.VARIABLE)
          .exception();
    }
  }

  private static byte[] program() throws IOException {
    try (InputStream in = DriverProcess.class.getResourceAsStream("driver.py")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /** Keeps the end of what is printed, however much it is. */
  private void listen() {
    byte[] bytes = new byte[8192];
    try (InputStream errors = process.getErrorStream()) {
      for (int n = errors.read(bytes); n >= 0; n = errors.read(bytes)) {
        synchronized (said) {
          said.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
          said.delete(0, Math.max(0, said.length() - TAIL));
        }
      }
    } catch (IOException e) {
      // The process was ended while it was listened to: what it said so far is all there is.
      return;
    }
  }

  /** {@return the last line that was printed, if any} */
  private String lastLine() {
    synchronized (said) {
      String text = said.toString().strip();
      return text.isEmpty() ? "" : ", and printed last: " + text.lines().reduce("", (a, b) -> b);
    }
  }

  /**
   * {@return the answer to a frame}
   *
   * @throws IOException with a message for the user where there is none
   */
  Frame ask(Frame frame, Duration limit) throws IOException {
    CompletableFuture<Frame> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                frame.write(to);
                return Frame.read(from);
              } catch (IOException | ArithmeticException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> {
              Thread thread = new Thread(task, "lossmith-python-frames");
              thread.setDaemon(true);
              thread.start();
            });
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      close();
      throw new IOException("no answer within " + limit.toSeconds() + " s" + lastLine(), e);
    } catch (ExecutionException e) {
      throw new IOException(ended(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IOException("interrupted", e);
    }
  }

  /** How the process ended, which was to answer. */
  private String ended() {
    try {
      boolean over = process.waitFor(2, TimeUnit.SECONDS);
      if (over) {
        listener.join(500); // closing takes away what it has not heard yet
      }
      close();
      return over ? how(process.exitValue()) + lastLine() : "an answer that is no frame";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** What an exit code says; above 128 stands the number of a signal. */
  private static String how(int code) {
    return switch (code - SIGNAL) {
      case 9 -> "Python was killed (signal 9), as where memory runs out";
      case 11 -> "Python crashed (signal 11): a segmentation fault";
      default ->
          code > SIGNAL
              ? "Python was ended by signal " + (code - SIGNAL)
              : "Python ended with exit code " + code;
    };
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    boolean ended = false;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      ended = process.destroyForcibly().waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      return; // the hook tries once more when the program ends
    }
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      return; // the program ends, and the hook runs
    }
  }
}
