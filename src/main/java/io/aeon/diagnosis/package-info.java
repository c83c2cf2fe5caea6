/**
 * Why a consumer group does not move: two looks at a group from outside, and what they show together.
 *
 * <p>Kafka's admin client tells the members, their epochs, and what they own and shall own. It does not tell for whom a
 * group waits, since when, and how old a committed offset is. An Aeon broker adds that in tagged fields of the answers,
 * but only if the request asks for it by a tagged field ({@link io.aeon.protocol.GroupExtension}): no other client
 * receives anything that it does not know, no API is new, and a broker of Kafka skips the field. There the looks lack
 * the durations, and a member that holds up a rebalance is known by its epoch alone.
 *
 * <p>What a broker advertises is asked here too ({@link io.aeon.diagnosis.AdvertisedAddress}), because a client goes to
 * these addresses before it can say that they are wrong.
 */
@NullMarked
package io.aeon.diagnosis;

import org.jspecify.annotations.NullMarked;
