// The sections of a file beyond channels, messages and subscriptions, and what is inside of them,
// in every generation of the layout. We carry them; nothing of ours works with them. Made when they
// are asked for: documents of our own have none, and making them takes half a millisecond.
import { message, trust } from "./fields.ts";
import type { Field } from "./shape.ts";
import {
  bool,
  f32,
  f64,
  field,
  list,
  map,
  oneOf,
  optional,
  struct,
  text,
  u32,
  u64,
} from "./shape.ts";

const deadLetter = () =>
  struct(
    field("original_message", message),
    field(
      "reason",
      oneOf(
        "ChannelClosed ChannelNotFound RecipientUnavailable MaxRetriesExceeded Expired" +
          " ValidationFailed",
        { ValidationFailed: text },
      ),
    ),
    field("dead_lettered_at", text),
    field("retry_count", u32),
  );

const consentGate = () =>
  struct(
    field("grantor", text),
    field("grantee", text),
    field(
      "scope",
      oneOf(
        "read_messages send_messages join_channels view_presence share_content schedule_messages" +
          " federate hive_participation affect@5 hive@5",
      ),
    ),
    field("status", oneOf("granted revoked pending expired denied")),
    field("created_at", text),
    field("updated_at", text),
    field("expires_at", optional(text)),
    field("reason", optional(text)),
  );

const affect = () =>
  struct(
    field("valence", f64),
    field("arousal", f64),
    field("dominance", f64),
    field(
      "emotions",
      list(
        oneOf(
          "joy sadness anger fear surprise disgust trust anticipation curiosity confusion" +
            " frustration gratitude empathy pride shame guilt awe boredom excitement calm anxiety" +
            " hope determination contentment",
        ),
      ),
    ),
    field("urgency", oneOf("background low normal high urgent critical")),
    field("meta_confidence", f64),
  );

const temporalMessage = () =>
  struct(
    field("id", u64),
    field("channel_id", u64),
    field("sender", text),
    field("content", text),
    field(
      "target",
      oneOf("Immediate FutureAbsolute FutureRelative Conditional Eternal Retroactive@3 Optimal@3", {
        FutureAbsolute: struct(field("deliver_at", text)),
        FutureRelative: struct(field("delay_seconds", u64)),
        Conditional: struct(field("condition", text)),
        Retroactive: struct(field("memory_timestamp", text)),
        Optimal: struct(field("context", text)),
      }),
    ),
    field("scheduled_at", text),
    field("delivered", bool),
    field("affect", optional(affect())),
  );

const federationPolicy = () => oneOf("allow deny selective");

const federation = () =>
  struct(
    field("enabled", bool),
    field("local_zone", text, 0, "local"),
    field(
      "zones",
      list(
        struct(
          field("zone_id", text),
          field("name", text),
          field("endpoint", text),
          field("policy", federationPolicy()),
          field("trust_level", trust),
        ),
      ),
    ),
    field("default_policy", federationPolicy(), 0, "deny"),
  );

const cognitiveSpace = () =>
  struct(
    field(
      "shared_thoughts",
      list(
        struct(
          field("source_agent", text),
          field("content", text),
          field("confidence", f64),
          field("timestamp", text),
        ),
      ),
    ),
    field("skills", list(text)),
    field("perspective", optional(text)),
    field(
      "conflict_resolution",
      oneOf("CoordinatorDecides Majority Unanimous TrustWeighted LastWriteWins"),
    ),
    field(
      "boundaries",
      list(
        struct(field("agent_id", text), field("boundary_type", text), field("description", text)),
      ),
    ),
  );

const hive = () =>
  struct(
    field("id", u64),
    field("name", text),
    field(
      "constituents",
      list(
        struct(
          field("agent_id", text),
          field("role", oneOf("coordinator member observer mediator@5")),
          field("joined_at", text),
        ),
      ),
    ),
    field(
      "decision_mode",
      oneOf("coordinator_decides majority unanimous consensus emergent@11 leader_decides@11"),
    ),
    field("formed_at", text),
    field("metadata", map("text", text)),
    field("coherence_level", f64, 5, 1),
    field("separation_policy", text, 5, "graceful"),
    field("cognitive_space", optional(cognitiveSpace()), 11),
  );

const logEntry = () =>
  struct(
    field("index", u64),
    field("content", text),
    field("role", text),
    field("topic", optional(text)),
    field("timestamp", text),
    field("linked_message_id", optional(u64)),
    field("affect", optional(affect())),
  );

// Generation 4 put new types between the old ones, which moved the indices of those behind them.
const auditEntry = () =>
  struct(
    field(
      "event_type",
      oneOf(
        "message_sent message_received channel_created channel_closed consent_granted" +
          " consent_revoked consent_denied trust_changed trust_updated@4 hive_formed" +
          " hive_dissolved federation_message federation_configured@4" +
          " scheduled_message@4 key_rotated auth_failure" +
          " rate_limit_exceeded signature_warning@4 agent_registered@10" +
          " agent_unregistered@10",
      ),
    ),
    field("timestamp", text),
    field("agent_id", text),
    field("description", text),
    field("related_id", optional(text)),
  );

const rateLimits = () =>
  struct(
    field("messages_per_minute", u32, 0, 60),
    field("semantic_per_minute", u32, 0, 10),
    field("affect_per_minute", u32, 0, 30),
    field("hive_per_hour", u32, 0, 5),
    field("federation_per_minute", u32, 0, 20),
  );

const semanticOperation = () =>
  struct(
    field("id", u64),
    field("topic", text),
    field("focus_nodes", list(text)),
    field("depth", u64),
    field("timestamp", u64),
    field("operation", text),
    field("channel_id", optional(u64)),
    field("sender", optional(text)),
  );

const semanticConflict = () =>
  struct(
    field("id", u64),
    field("description", text),
    field("severity", text),
    field("channel_id", optional(u64)),
  );

const consentRequest = () =>
  struct(
    field("id", text),
    field("from", text),
    field("to", text),
    field("consent_type", text),
    field("timestamp", u64),
    field("reason", optional(text)),
    field("responded", bool),
    field("response", optional(text)),
  );

const meldSession = () =>
  struct(
    field("id", text),
    field("partner_id", text),
    field("depth", text),
    field("start_time", u64),
    field("duration_ms", u64),
    field("active", bool),
  );

const zonePolicy = () =>
  struct(
    field("zone_id", text),
    field("allow_semantic", bool),
    field("allow_affect", bool),
    field("allow_hive", bool),
    field("max_message_size", u64),
  );

const key = () =>
  struct(
    field("id", u64),
    field("algorithm", text),
    field("created_at", u64),
    field("status", text),
    field("channel_id", optional(u64)),
    field("fingerprint", text),
  );

const agent = () =>
  struct(
    field("agent_id", text),
    field("display_name", text),
    field("agent_type", text),
    field(
      "capabilities",
      struct(
        field("send", bool),
        field("receive", bool),
        field("create_channels", bool),
        field("federate", bool),
        field("hive", bool),
        field("schedule", bool),
        field("encryption", bool),
        field("types", list(text)),
      ),
    ),
    field("trust", struct(field("default", trust), field("overrides", map("text", trust)))),
    field("availability", oneOf("available busy away donotdisturb offline")),
    field(
      "preferences",
      struct(
        field("format", text),
        field("max_message_size", optional(u64)),
        field("languages", list(text)),
        field("echo_sent", bool),
      ),
    ),
    field("registered_at", text),
    field("metadata", map("text", text)),
    field(
      "identity",
      struct(
        field("public_key", text),
        field("algorithm", text),
        field("verified", bool),
        field("provider", text),
      ),
    ),
    field("labels", list(text)),
    field("availability_label", text),
    field("overrides", map("text", text)),
  );

/** What follows the channels, messages, subscriptions and their three counters. */
export const sections = (): readonly Field[] => [
  field("dead_letters", list(deadLetter()), 1),
  field("consent_gates", list(consentGate()), 2),
  field("trust_levels", map("text", trust), 2),
  field("temporal_queue", list(temporalMessage()), 2),
  field("next_temporal_id", u64, 2, 1),
  field("federation_config", federation(), 2),
  field("hive_minds", map("u64", hive()), 2),
  field("next_hive_id", u64, 2, 1),
  field("comm_log", list(logEntry()), 2),
  field("next_log_index", u64, 2, 1),
  field("audit_log", list(auditEntry()), 3),
  field("rate_limit_config", rateLimits(), 3),
  field("semantic_operations", list(semanticOperation()), 4),
  field("next_semantic_id", u64, 4, 1),
  field("semantic_conflicts", list(semanticConflict()), 4),
  field("affect_states", map("text", affect()), 4),
  field("affect_resistance", f64, 4, 0.5),
  field("pending_consent_requests", list(consentRequest()), 4),
  field("meld_sessions", list(meldSession()), 4),
  field("zone_policies", map("text", zonePolicy()), 4),
  field("key_store", list(key()), 6),
  field("next_key_id", u64, 6, 1),
  field("lamport_counter", u64, 6),
  field("agents", map("text", agent()), 10),
  field("embeddings", map("u64", list(f32)), 12),
];
