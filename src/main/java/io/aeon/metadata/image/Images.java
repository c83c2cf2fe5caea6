package io.aeon.metadata.image;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ImageChange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;

/** Passes the images of the metadata loader to subscribers and waiters. Thread-safe. */
public final class Images implements MetadataPublisher {
    private final String clusterId;
    private final Consumer<ClusterImage> first;
    private final List<Consumer<ImageChange>> listeners = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private volatile KRaftImage latest;
    private boolean closed;

    /** @param first follows each image before anyone can see it */
    public Images(String clusterId, Consumer<ClusterImage> first) {
        this.clusterId = clusterId;
        this.first = first;
        this.latest = new KRaftImage(clusterId, MetadataImage.EMPTY);
    }

    public KRaftImage latest() {
        return latest;
    }

    public synchronized void subscribe(Consumer<ImageChange> listener) {
        listener.accept(ImageChange.first(latest));
        listeners.add(listener);
    }

    /** Completes with the first image that fulfils {@code condition}; the current image counts. */
    public CompletableFuture<KRaftImage> when(Predicate<KRaftImage> condition) {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(stopping());
            }
            if (!condition.test(latest)) {
                Waiter waiter = new Waiter(condition, new CompletableFuture<>());
                waiters.add(waiter);
                return waiter.reached;
            }
        }
        return CompletableFuture.completedFuture(latest);
    }

    @Override
    public String name() {
        return "Images";
    }

    @Override
    public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
        KRaftImage next = new KRaftImage(clusterId, image);
        List<Waiter> reached;
        synchronized (this) {
            ImageChange change = ImageChanges.of(delta, latest, next);
            first.accept(next);
            latest = next;
            listeners.forEach(listener -> listener.accept(change));
            reached = takeReached(next);
        }
        reached.forEach(waiter -> waiter.reached.complete(next));
    }

    /** Fails all futures that still wait for an image. */
    @Override
    public void close() {
        List<Waiter> left;
        synchronized (this) {
            left = List.copyOf(waiters);
            waiters.clear();
            closed = true;
        }
        left.forEach(waiter -> waiter.reached.completeExceptionally(stopping()));
    }

    private static BrokerNotAvailableException stopping() {
        return new BrokerNotAvailableException("The broker is stopping.");
    }

    private List<Waiter> takeReached(KRaftImage image) {
        List<Waiter> reached = new ArrayList<>();
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.condition.test(image)) {
                each.remove();
                reached.add(waiter);
            }
        }
        return reached;
    }

    private record Waiter(Predicate<KRaftImage> condition, CompletableFuture<KRaftImage> reached) {}
}
