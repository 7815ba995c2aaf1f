package lossmith.rollouts.table;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import org.apache.arrow.compression.Lz4CompressionCodec;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;

/**
 * How the buffers of an Arrow file may be packed. Zstandard is unpacked by the library that also
 * unpacks .zst, not by Arrow's, which brings 7 MB of native code.
 */
final class ArrowPacking implements CompressionCodec.Factory {
  @Override
  public CompressionCodec createCodec(CodecType type) {
    return switch (type) {
      case NO_COMPRESSION -> NoCompressionCodec.INSTANCE;
      case LZ4_FRAME -> new Lz4CompressionCodec();
      case ZSTD -> new Zstandard();
    };
  }

  @Override
  public CompressionCodec createCodec(CodecType type, int level) {
    return createCodec(type);
  }

  private static final class Zstandard extends AbstractCompressionCodec {
    /** In front of what is packed stands how long it is unpacked. */
    private static final int LENGTH = 8;

    @Override
    public CodecType getCodecType() {
      return CodecType.ZSTD;
    }

    @Override
    protected ArrowBuf doDecompress(BufferAllocator memory, ArrowBuf packed) {
      int length = Math.toIntExact(readUncompressedLength(packed));
      byte[] from = new byte[Math.toIntExact(packed.writerIndex() - LENGTH)];
      packed.getBytes(LENGTH, from);
      ArrowBuf to = memory.buffer(length);
      byte[] unpacked = new byte[length];
      int found =
          new ZstdDecompressor().decompress(from, 0, from.length, unpacked, 0, unpacked.length);
      if (found != length) {
        to.close();
        throw new MalformedInputException(found, length + " bytes were announced");
      }
      to.setBytes(0, unpacked);
      to.writerIndex(length);
      return to;
    }

    @Override
    protected ArrowBuf doCompress(BufferAllocator memory, ArrowBuf plain) {
      throw new UnsupportedOperationException("Arrow files are read only");
    }
  }
}
