/** The public API: what the command line does, for programs; and the vocabulary that models are written in. */

export { type ConfigFile, defineConfig } from "./cli/config.js";
export * from "./columns/anomalies.js";
export * from "./columns/calendars.js";
export * from "./columns/column.js";
export * from "./columns/conditions.js";
export * from "./columns/keys.js";
export { type KindDeclaration, type KindName, kinds } from "./columns/kinds/vocabulary.js";
export * from "./columns/links.js";
export * from "./columns/lists.js";
export * from "./columns/network.js";
export * from "./columns/sums.js";
export * from "./columns/text.js";
export * from "./columns/times.js";
export * from "./columns/values.js";
export * from "./core/sql-type.js";
export { type CleanupResult, cleanUp } from "./engine/cleanup.js";
export { makeDictionaries } from "./engine/dictionaries.js";
export { type Explanation, explain } from "./engine/inspect/explain.js";
export { type PreviewedRows, previewRows } from "./engine/inspect/preview.js";
export type { RunObserver } from "./engine/observer.js";
export { open } from "./engine/open.js";
export { generate } from "./engine/run/generate.js";
export type { GenerateOptions, RunTarget } from "./engine/run/options.js";
export type { RunReport } from "./engine/run/report.js";
export { type Resumed, type ResumeOptions, resume } from "./engine/run/resume.js";
export { ERROR_CODES, type ErrorCode, SeedBulkError } from "./errors.js";
export { type ExportOptions, type ExportReport, exportFiles } from "./export/export-files.js";
export { exportStream } from "./export/export-stream.js";
export type { Compression, ExportFormat } from "./export/protocol.js";
export { type IntrospectRequest, introspectDatabase } from "./introspect/introspect.js";
export type { IntrospectedModel } from "./introspect/model-of.js";
export { modelFileText } from "./introspect/write.js";
export type { ModelAnomaly } from "./model/anomalies.js";
export type { ModelChecks } from "./model/checks.js";
export { childrenOf, type Entity, entity, type RowSource, rows } from "./model/entity.js";
export type { ModelDeclaration } from "./model/file/declaration.js";
export { defineModel, readModel } from "./model/file/read.js";
export type { DictionarySource, Model } from "./model/model.js";
export { buildPlan, GENERATOR_VERSION, type Plan, type PlannedEntity, type Shard } from "./model/plan.js";
export { listScenarios, loadScenario, type Scenario, type ScenarioKnobs } from "./model/scenario/index.js";
export { Universe } from "./model/universe.js";
export { MODELS } from "./models/index.js";
export {
  type EmbeddedDatabase,
  type EmbeddedOptions,
  embedded,
  withEmbedded,
} from "./programs/embedded.js";
export { type Loaded, type LoadOptions, load, type VerifyRunOptions, verify, type What } from "./programs/load.js";
export type { VerificationReport } from "./verify/result.js";
export { runVerification } from "./verify/run-verification.js";
