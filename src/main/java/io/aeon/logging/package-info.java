/**
 * The log: lines that clients cause, escaped and limited in number; levels; the queue before a stderr that may block.
 */
@NullMarked
package io.aeon.logging;

import org.jspecify.annotations.NullMarked;
