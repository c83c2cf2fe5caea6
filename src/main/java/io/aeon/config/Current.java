package io.aeon.config;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made from settings which may change while the broker runs (KIP-226). It is made again only after a
 * change, so reading it costs one comparison. Thread-safe.
 */
public final class Current<T> implements Supplier<T> {
    private final Supplier<KafkaSettings> settings;
    private final Function<KafkaSettings, T> maker;
    private volatile @Nullable Made<T> made;

    /**
     * @param settings the settings that count now; the same object as long as none has changed
     * @param maker makes the value; several threads may call it for the same settings
     */
    public Current(Supplier<KafkaSettings> settings, Function<KafkaSettings, T> maker) {
        this.settings = settings;
        this.maker = maker;
    }

    /** Compares the objects, because to compare two sets of settings takes longer than to make most values. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public T get() {
        KafkaSettings now = settings.get();
        Made<T> known = made;
        if (known == null || known.from() != now) {
            known = new Made<>(now, maker.apply(now));
            made = known;
        }
        return known.value();
    }

    private record Made<T>(KafkaSettings from, T value) {}
}
