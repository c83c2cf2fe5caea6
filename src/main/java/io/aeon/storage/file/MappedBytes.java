package io.aeon.storage.file;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * Access to memory maps and its dangers. A page that the disk cannot read causes an {@link InternalError}, which Akka
 * treats as fatal: this class catches it in the frame of the access. An access to a map after {@link #unmap} kills the
 * JVM.
 */
final class MappedBytes {
    private static final MethodHandle CLEANER = cleaner();
    /** Not constant, so that the compiler does not optimize {@link #surfaceFault} away. */
    private static volatile int rows = 1;

    private MappedBytes() {}

    static void copy(ByteBuffer map, int from, byte[] target, int to, int length) {
        try {
            map.get(from, target, to, length);
            surfaceFault();
        } catch (InternalError e) {
            throw new StorageException("a mapped page could not be read at " + from, e);
        }
    }

    /** Whether the whole range is in memory. */
    static boolean isLoaded(MappedByteBuffer map, int from, int length) {
        return map.slice(from, length).isLoaded();
    }

    static void unmap(MappedByteBuffer map) {
        try {
            CLEANER.invokeExact((ByteBuffer) map);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * With a JDK before 21, compiled code continues after a bad page and throws the error at its next entry into the VM
     * for which asynchronous errors are allowed, which may be anywhere. The creation of an array of arrays is such an
     * entry, and cheap.
     */
    private static void surfaceFault() {
        rows = new byte[rows][0].length;
    }

    /** Before JDK 22 the only way to unmap at a chosen time is the one that the module jdk.unsupported exports. */
    private static MethodHandle cleaner() {
        try {
            Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
            Field instance = unsafeClass.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafeClass, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(instance.get(null));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
