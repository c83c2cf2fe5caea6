package io.aeon.storage;

/** What was asked for lies at or behind damage that only an operator can decide about. */
public final class DamagedLogException extends StorageException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    public DamagedLogException(Damage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }
}
