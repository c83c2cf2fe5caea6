/**
 * The threads of a broker: those on which actors run, designed for few thread wake-ups at low load, and those that wait
 * for a disk.
 */
@NullMarked
package io.aeon.threads;

import org.jspecify.annotations.NullMarked;
