package io.aeon.storage.batch;

import io.aeon.storage.file.StorageException;

/** What was asked for lies at or behind damage that only an operator can decide about. */
public final class DamagedLogException extends StorageException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    /** @param damage what the message tells */
    public DamagedLogException(Damage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }
}
