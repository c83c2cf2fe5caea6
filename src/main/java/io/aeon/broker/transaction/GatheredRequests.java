package io.aeon.broker.transaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The entries for the requests of one kind to one broker. One request is under way at a time; meanwhile the entries for
 * the next one gather. Thread-safe.
 *
 * @param <T> an entry of a request
 */
final class GatheredRequests<T> {
    private final int most;
    private final Function<T, Object> subjects;
    private final Function<T, Object> scopes;
    private final Function<List<T>, CompletableFuture<List<Errors>>> send;
    private final Deque<Entry<T>> waiting = new ArrayDeque<>();
    private boolean underWay;

    private record Entry<T>(T content, CompletableFuture<Errors> answer) {}

    /**
     * @param most maximum number of entries in a request
     * @param subjects whose entries the answer cannot tell apart
     * @param scopes entries of one subject are only sent together if they have the same scope
     * @param send sends a request; completes with the answers in the order of the entries
     */
    GatheredRequests(
            int most,
            Function<T, Object> subjects,
            Function<T, Object> scopes,
            Function<List<T>, CompletableFuture<List<Errors>>> send) {
        this.most = most;
        this.subjects = subjects;
        this.scopes = scopes;
        this.send = send;
    }

    /** Sends an entry in one of the next requests; fails if that request fails. */
    CompletableFuture<Errors> add(T content) {
        CompletableFuture<Errors> answer = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(new Entry<>(content, answer));
        }
        sendNext();
        return answer;
    }

    private void sendNext() {
        List<Entry<T>> next = take();
        if (next.isEmpty()) {
            return;
        }
        var unused = send(next).whenComplete((answers, failure) -> {
            ended();
            settle(next, answers, failure);
            sendNext();
        });
    }

    private CompletableFuture<List<Errors>> send(List<Entry<T>> next) {
        try {
            return send.apply(next.stream().map(Entry::content).toList());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The entries of the next request; none if one is under way or nothing waits. */
    private synchronized List<Entry<T>> take() {
        List<Entry<T>> taken = new ArrayList<>();
        if (underWay) {
            return taken;
        }
        Map<Object, Object> scopeOf = new HashMap<>();
        Iterator<Entry<T>> each = waiting.iterator();
        while (each.hasNext() && taken.size() < most) {
            Entry<T> entry = each.next();
            Object scope = scopes.apply(entry.content());
            Object first = scopeOf.putIfAbsent(subjects.apply(entry.content()), scope);
            if (first == null || first.equals(scope)) {
                taken.add(entry);
                each.remove();
            }
        }
        underWay = !taken.isEmpty();
        return taken;
    }

    private synchronized void ended() {
        underWay = false;
    }

    private static <T> void settle(List<Entry<T>> sent, @Nullable List<Errors> answers, @Nullable Throwable failure) {
        for (int i = 0; i < sent.size(); i++) {
            CompletableFuture<Errors> answer = sent.get(i).answer();
            if (answers == null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(answers.get(i));
            }
        }
    }
}
