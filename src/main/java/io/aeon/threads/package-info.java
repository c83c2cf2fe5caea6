/** The threads on which actors run, designed for few thread wake-ups at low load. */
@NullMarked
package io.aeon.threads;

import org.jspecify.annotations.NullMarked;
