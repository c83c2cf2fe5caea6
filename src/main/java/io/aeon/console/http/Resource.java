package io.aeon.console.http;

import java.io.IOException;

/** What one path answers to GET, or to POST. Called by several threads at once; may block. */
@FunctionalInterface
public interface Resource {
    /**
     * Answers a request.
     *
     * @throws RefusedException the request cannot be carried out, as the message says
     * @throws IOException what the resource needs does not answer
     * @throws InterruptedException the server stops
     */
    HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException;
}
