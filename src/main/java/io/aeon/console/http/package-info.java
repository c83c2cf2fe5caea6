/**
 * The broker's HTTP server, on that of the JDK, for the few people and programs that look at one broker. It knows
 * nothing of brokers: what a path answers is passed in as a {@link io.aeon.console.http.Resource}.
 *
 * <p>A browser runs what other web sites send it, so nothing is answered for them: {@link
 * io.aeon.console.http.Doorkeeper} looks at each request first. What no other room bounds is bounded here: threads, and
 * with them the requests under way, and the size of a request. How many connections there may be and how long a request
 * may take to arrive are settings of the JDK for the whole process, which the launcher gives.
 */
@NullMarked
package io.aeon.console.http;

import org.jspecify.annotations.NullMarked;
