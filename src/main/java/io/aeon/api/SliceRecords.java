package io.aeon.api;

import io.aeon.protocol.DeferredRecords;
import io.aeon.storage.file.LogSlice;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A slice of a log in a response's records field. It does not close the slice; {@link Reply.WithSlices} does. */
public record SliceRecords(LogSlice slice) implements DeferredRecords {
    @Override
    public int sizeInBytes() {
        return slice.size();
    }

    @Override
    public void copyTo(int from, int length, byte[] target, int position) {
        slice.copyTo(from, length, target, position);
    }

    @Override
    public int transferTo(int from, int length, WritableByteChannel socket) throws IOException {
        return slice.transferTo(from, length, socket);
    }
}
