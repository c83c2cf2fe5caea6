package io.aeon.broker.disk;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The real files; single operations fail or hang on request. */
public final class BreakableFiles {
    private volatile boolean forceFails;
    private volatile boolean writeFails;
    private volatile boolean everythingFails;
    private volatile boolean openFails;
    private volatile long usableSpace = Long.MAX_VALUE;
    private volatile Set<String> hanging = Set.of();
    private volatile CountDownLatch hang = new CountDownLatch(0);
    private volatile Path breakable = Path.of("/");
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger forces = new AtomicInteger();

    /** Only files in this directory fail or hang. */
    public void breakOnly(Path directory) {
        breakable = directory;
    }

    /** The number of fsyncs. */
    public int forces() {
        return forces.get();
    }

    public void failForce(boolean fails) {
        forceFails = fails;
    }

    public void failWrite(boolean fails) {
        writeFails = fails;
    }

    /** Lets every opening fail as without free descriptors. */
    public void failOpen(boolean fails) {
        openFails = fails;
    }

    public void failEverything(boolean fails) {
        everythingFails = fails;
    }

    public void usableSpace(long bytes) {
        usableSpace = bytes;
    }

    /** From now on writes and fsyncs hang. */
    public void hang() {
        hangIn("write", "force");
    }

    /** From now on the operations of these names hang. */
    public void hangIn(String... operations) {
        hang = new CountDownLatch(1);
        hanging = Set.of(operations);
    }

    /** Whether an operation hangs at present. */
    public boolean holds() {
        return held.get() > 0;
    }

    public void letGo() {
        hang.countDown();
    }

    public LogFiles files() {
        LogFiles disk = LogFiles.disk();
        return proxy(LogFiles.class, (self, method, arguments) -> {
            if (arguments != null && arguments[0] instanceof Path path && isSafe(path)) {
                return call(disk, method, arguments);
            }
            if (everythingFails) {
                throw new IOException("the disk is gone");
            }
            if (openFails && method.getName().startsWith("openFor")) {
                throw new IOException("Too many open files");
            }
            hangIn(method);
            if (method.getName().equals("usableSpace")) {
                return usableSpace;
            }
            Object result = call(disk, method, arguments);
            return result instanceof LogFile file ? breakable(file) : result;
        });
    }

    private boolean isSafe(Path path) {
        return path.isAbsolute() && !path.startsWith(breakable);
    }

    private LogFile breakable(LogFile file) {
        return proxy(LogFile.class, (self, method, arguments) -> {
            hangIn(method);
            boolean broken = (forceFails && method.getName().equals("force"))
                    || (writeFails && method.getName().equals("write"));
            if (broken) {
                throw new IOException(method.getName() + " failed");
            }
            if (method.getName().equals("force")) {
                forces.incrementAndGet();
            }
            return call(file, method, arguments);
        });
    }

    private void hangIn(Method operation) throws InterruptedException {
        if (hanging.contains(operation.getName())) {
            held.incrementAndGet();
            hang.await();
            held.decrementAndGet();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
