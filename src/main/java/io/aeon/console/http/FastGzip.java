package io.aeon.console.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses with little effort, which is enough for text that repeats itself. Not thread-safe. */
final class FastGzip extends GZIPOutputStream {
    private static final int BUFFER = 32 << 10;

    FastGzip(OutputStream out) throws IOException {
        super(out, BUFFER);
        def.setLevel(Deflater.BEST_SPEED);
    }
}
