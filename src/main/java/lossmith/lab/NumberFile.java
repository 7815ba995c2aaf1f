package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import lossmith.console.Output;
import lossmith.dsl.Problem;

/**
 * Arrays of numbers by name, as a file that {@code numpy.load} reads: a zip archive of arrays of
 * one axis, float32 or float64. A file is there as a whole or not at all, also after the power has
 * failed.
 */
final class NumberFile {
  private static final int ALIGNED = 64;
  private static final int PREFIX = 10;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  private final Map<String, float[]> floats;
  private final Map<String, double[]> doubles;

  private NumberFile(Map<String, float[]> floats, Map<String, double[]> doubles) {
    this.floats = floats;
    this.doubles = doubles;
  }

  static NumberFile empty() {
    return new NumberFile(LinkedHashMap.empty(), LinkedHashMap.empty());
  }

  NumberFile with(String name, float[] numbers) {
    return new NumberFile(floats.put(name, numbers.clone()), doubles);
  }

  NumberFile with(String name, double... numbers) {
    return new NumberFile(floats, doubles.put(name, numbers.clone()));
  }

  /** The array of a name; a file without it is a {@link Problem}. */
  float[] floats(String name) {
    return floats.get(name).getOrElseThrow(() -> missing(name)).clone();
  }

  double[] doubles(String name) {
    return doubles.get(name).getOrElseThrow(() -> missing(name)).clone();
  }

  boolean has(String name) {
    return floats.containsKey(name) || doubles.containsKey(name);
  }

  private static RuntimeException missing(String name) {
    return Problem.of(
            "checkpoint",
            "a file of numbers without " + name,
            "a file that this version of the program wrote",
            "the run anew, in another folder")
        .exception();
  }

  void write(Path file) throws IOException {
    Output.write(
        file,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary);
              ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(0);
            for (var array : floats) {
              byte[] bytes = new byte[array._2.length * Float.BYTES];
              buffer(bytes).asFloatBuffer().put(array._2);
              entry(zip, array._1, "<f4", array._2.length, bytes);
            }
            for (var array : doubles) {
              byte[] bytes = new byte[array._2.length * Double.BYTES];
              buffer(bytes).asDoubleBuffer().put(array._2);
              entry(zip, array._1, "<f8", array._2.length, bytes);
            }
          }
          force(temporary, StandardOpenOption.WRITE);
        });
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      force(folder, StandardOpenOption.READ);
    }
  }

  private static void force(Path file, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(file, how)) {
      channel.force(true);
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void entry(
      ZipOutputStream zip, String name, String type, int length, byte[] numbers)
      throws IOException {
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + length + ",), }";
    int size = (PREFIX + header.length() + ALIGNED) / ALIGNED * ALIGNED - PREFIX;
    byte[] head = new byte[PREFIX];
    ByteBuffer unused = buffer(head).put(MAGIC).putShort((short) size);
    String padded = header + " ".repeat(size - header.length() - 1) + "\n";
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    zip.write(head);
    zip.write(padded.getBytes(StandardCharsets.US_ASCII));
    zip.write(numbers);
    zip.closeEntry();
  }

  /** The arrays of a file; one that is damaged is a {@link Problem}. */
  static NumberFile read(Path file) throws IOException {
    try {
      NumberFile found = unzipped(file);
      if (found.floats.isEmpty() && found.doubles.isEmpty()) {
        throw new ZipException("no array");
      }
      return found;
    } catch (ZipException | EOFException damaged) {
      throw Problem.of(
              "checkpoint",
              file + ", which is cut off or damaged",
              "a file that this version of the program wrote",
              "the same command without that file: what it held is computed anew")
          .exception();
    }
  }

  private static NumberFile unzipped(Path file) throws IOException {
    NumberFile found = empty();
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        found = found.array(name, zip.readAllBytes());
      }
    }
    return found;
  }

  private NumberFile array(String name, byte[] bytes) throws ZipException {
    int head = bytes.length < PREFIX ? bytes.length : buffer(bytes).getShort(MAGIC.length);
    int rest = bytes.length - PREFIX - head;
    if (rest < 0) {
      throw new ZipException("an array " + name + " that is cut off");
    }
    String header = new String(bytes, PREFIX, head, StandardCharsets.US_ASCII);
    ByteBuffer numbers = buffer(bytes).slice(PREFIX + head, rest).order(ByteOrder.LITTLE_ENDIAN);
    if (header.contains("'<f4'")) {
      float[] read = new float[numbers.remaining() / Float.BYTES];
      numbers.asFloatBuffer().get(read);
      return with(name, read);
    }
    double[] read = new double[numbers.remaining() / Double.BYTES];
    numbers.asDoubleBuffer().get(read);
    return with(name, read);
  }
}
