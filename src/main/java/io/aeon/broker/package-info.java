/**
 * The guardian of all actors, and the services that it provides to request handlers; each kind of actor has its own
 * room below.
 */
@NullMarked
package io.aeon.broker;

import org.jspecify.annotations.NullMarked;
