package io.aeon.storage.file;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * The dangerous part of memory maps. A page that the disk cannot give is an {@link InternalError}, which no supervisor
 * survives: it ends here, in the frame of the access. Touching a map after {@link #unmap} kills the JVM.
 */
final class MappedBytes {
    private static final MethodHandle CLEANER = cleaner();
    /** Not constant, or the compiler would see through {@link #surfaceFault}. */
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

    /** Whether all of that range is in memory. */
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
     * Compiled code of a JDK before 21 goes on after a bad page and throws when it next enters the VM for a reason that
     * lets asynchronous errors through, which may be anywhere. Making an array of arrays is such a reason, and cheap.
     */
    private static void surfaceFault() {
        rows = new byte[rows][0].length;
    }

    /** Before JDK 22 there is no other way to unmap in time than the one that jdk.unsupported exports. */
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
