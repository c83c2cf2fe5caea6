package io.aeon.metadata.log;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BooleanSupplier;

/** The real disk; in state full its files accept no more bytes, in state broken an fsync fails. */
public final class FillableDisk {
    private volatile BooleanSupplier full = () -> false;
    private volatile BooleanSupplier broken = () -> false;

    public void fullWhile(BooleanSupplier condition) {
        full = condition;
    }

    /** Lets an fsync fail with an I/O error. */
    public void brokenWhile(BooleanSupplier condition) {
        broken = condition;
    }

    public LogFiles files() {
        LogFiles disk = LogFiles.disk();
        return (LogFiles) Proxy.newProxyInstance(
                LogFiles.class.getClassLoader(), new Class<?>[] {LogFiles.class}, (proxy, method, arguments) -> {
                    Object result = call(disk, method, arguments);
                    return result instanceof LogFile file ? fillable(file) : result;
                });
    }

    private LogFile fillable(LogFile file) {
        return (LogFile) Proxy.newProxyInstance(
                LogFile.class.getClassLoader(), new Class<?>[] {LogFile.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write") && full.getAsBoolean()) {
                        throw new IOException("No space left on device");
                    }
                    if (method.getName().equals("force") && broken.getAsBoolean()) {
                        throw new IOException("Input/output error");
                    }
                    return call(file, method, arguments);
                });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
