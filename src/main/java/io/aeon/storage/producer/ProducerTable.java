package io.aeon.storage.producer;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Producers by id: a hash table with open addressing, which saves two objects for each of a million producers. */
final class ProducerTable {
    private static final int FIRST_CAPACITY = 4;

    private @Nullable Producer[] slots = new Producer[FIRST_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Producer get(long id) {
        return slots[slot(slots, id)];
    }

    void put(Producer producer) {
        int slot = slot(slots, producer.id());
        if (slots[slot] == null && ++size * 3 > slots.length * 2) {
            rehash(slots.length * 2, each -> true);
            slot = slot(slots, producer.id());
        }
        slots[slot] = producer;
    }

    void removeIf(Predicate<Producer> condition) {
        int kept = 0;
        for (Producer producer : slots) {
            if (producer != null && !condition.test(producer)) {
                kept++;
            }
        }
        if (kept < size) {
            size = kept;
            int capacity = FIRST_CAPACITY;
            while (kept * 3 > capacity * 2) {
                capacity *= 2;
            }
            rehash(capacity, condition.negate());
        }
    }

    void forEach(Consumer<Producer> action) {
        for (Producer producer : slots) {
            if (producer != null) {
                action.accept(producer);
            }
        }
    }

    private void rehash(int capacity, Predicate<Producer> condition) {
        @Nullable Producer[] fresh = new Producer[capacity];
        for (Producer producer : slots) {
            if (producer != null && condition.test(producer)) {
                fresh[slot(fresh, producer.id())] = producer;
            }
        }
        slots = fresh;
    }

    /** The slot that contains the producer, or the free slot for it. */
    private static int slot(@Nullable Producer[] slots, long id) {
        int mask = slots.length - 1;
        int slot = Long.hashCode(id * 0x9E3779B97F4A7C15L) & mask;
        for (Producer there = slots[slot]; there != null && there.id() != id; there = slots[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
