package io.aeon.coordinator;

import java.util.Arrays;

/** Bytes that mean something to clients only. Equal by content. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** @param array not to be changed from now on */
    public static Bytes of(byte[] array) {
        return array.length == 0 ? NONE : new Bytes(array);
    }

    /** The bytes themselves, not to be changed. */
    public byte[] array() {
        return array;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return array.length + " bytes";
    }
}
