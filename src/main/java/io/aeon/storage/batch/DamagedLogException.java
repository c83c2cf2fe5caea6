package io.aeon.storage.batch;

import io.aeon.storage.file.StorageException;

/** The requested records lie at or after damage that only an operator can repair. */
public final class DamagedLogException extends StorageException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    /** @param damage the damage that the message describes */
    public DamagedLogException(Damage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }
}
