package io.aeon.replication;

/** A deliberate mistake in the protocol, which the simulation has to find. */
enum Fault {
    /** A proposed ISR does not count before the controller has answered. */
    COUNTS_THE_COMMITTED_ISR_ONLY,
    /** A follower that the leader proposes to remove does not count any more. */
    COUNTS_A_PROPOSED_SHRINK,
    /** Metadata that the leader has already makes it forget what it proposed. */
    OLD_METADATA_SETTLES_A_PROPOSAL,
    /** The high watermark advances with fewer replicas than min.insync.replicas (before KIP-966). */
    ADVANCES_BELOW_MIN_IN_SYNC,
    /** A follower joins the ISR as soon as it has all below the high watermark of a leader that is new. */
    JOINS_BELOW_THE_START_OF_THE_EPOCH(128_900),
    /** The leader does not compare the epoch of a follower's last record, so that no follower truncates. */
    DOES_NOT_TRUNCATE,
    /** A follower truncates to its high watermark when it starts to follow (before KIP-101). */
    TRUNCATES_TO_THE_HIGH_WATERMARK,
    /** A leader answers whoever fetches in another leader epoch. */
    DOES_NOT_FENCE_FETCHES(204_800),
    /** In flush mode sync, a follower asks from its log end before that is durable. */
    ASKS_BEFORE_IT_IS_DURABLE,
    /** In flush mode sync, a leader counts its own records before they are durable. */
    COUNTS_BEFORE_IT_IS_DURABLE,
    /** A broker that has lost records claims a clean shutdown. */
    CLAIMS_A_CLEAN_SHUTDOWN,
    /** The controller elects the last leader when nobody is left who has all records, as Kafka does by default. */
    ELECTS_THE_LAST_LEADER,
    /** Followers do not tell their broker epoch (before KIP-903). */
    TELLS_NO_BROKER_EPOCH,
    /** A leader whose log was opened again without the records that were not durable goes on in its leader epoch. */
    LEADS_ON_AFTER_A_LOSS,
    /** In a flush mode other than sync, a follower whose log was opened again without some records stays in the ISR. */
    FOLLOWS_ON_AFTER_A_LOSS,
    /** A producer that the leader does not know may begin at any sequence number, as in Kafka. */
    UNKNOWN_PRODUCERS_BEGIN_ANYWHERE,
    /** A transaction's marker does not raise the producer's epoch (before KIP-890). */
    MARKERS_FENCE_NOBODY,
    /** A new coordinator reads the transaction log only up to its own high watermark, which may lag. */
    COORDINATORS_READ_WHAT_IS_COMMITTED,
    /** A former coordinator may write in a later leader epoch of its broker. */
    COORDINATORS_WRITE_IN_ANY_EPOCH,
    /** Markers are written before the decision is committed. */
    MARKERS_PRECEDE_THE_DECISION;

    private final long firstSeed;

    Fault() {
        this(0);
    }

    Fault(long firstSeed) {
        this.firstSeed = firstSeed;
    }

    /** Where the search begins; a rare violation was found soon after it. */
    long firstSeed() {
        return firstSeed;
    }
}
