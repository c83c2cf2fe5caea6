package io.aeon.test.inside;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** The slf4j provider of the broker's class loader: loggers that hand their lines over to the project's loggers. */
public final class ProjectLoggers implements SLF4JServiceProvider, ILoggerFactory {
    /** What ends the start tells the same. */
    private static final String OF_TAKEN_PORTS = "akka.io.TcpListener";

    private static volatile @Nullable Function<String, System.Logger> project;

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    /** Hands the lines of loggers that do not exist yet over to {@code loggers}; null drops them. */
    static void use(@Nullable Function<String, System.Logger> loggers) {
        project = loggers;
    }

    @Override
    public Logger getLogger(String name) {
        Function<String, System.Logger> to = project;
        return to == null || name.equals(OF_TAKEN_PORTS)
                ? NOPLogger.NOP_LOGGER
                : loggers.computeIfAbsent(name, each -> ProjectLogger.of(each, to.apply(each)));
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}
}
