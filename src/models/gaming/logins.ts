import { appended, appendedIndex } from "../../columns/anomalies.js";
import { type Column, hidden } from "../../columns/column.js";
import { either, onlyWhere } from "../../columns/conditions.js";
import { id, parent } from "../../columns/keys.js";
import { format } from "../../columns/text.js";
import { copied, numbers, numbersOf, textChoice } from "../../columns/values.js";
import { unitOf } from "../../core/random.js";
import { BOOL, INET, INT2, INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import {
  attackedAt,
  attackedUser,
  attackerAddress,
  attackerAgent,
  attackerPrint,
  attackerSite,
  burstNumber,
  getsIn,
} from "./attack.js";
import { regionCalendars } from "./calendars.js";
import { device, deviceAgent, devicePrint, fromClient, homeAddress } from "./devices.js";
import { FAILS, LOOKS_IN, outcome, outcomeIs, PLAYS } from "./outcomes.js";
import { characterLogin, type PlayerTimes, SECOND_US, slotMoment } from "./timeline.js";
import { bitsOf, hexOf } from "./vocabulary.js";

/** Why players' attempts fail, and attackers'. */
const FAILURES = { wrong_password: 76, mfa_failed: 9, captcha_failed: 8, account_locked: 7 };
const ATTACK_FAILURES = { wrong_password: 78, rate_limited: 13, captcha_failed: 5, account_locked: 4 };

/** Whoever mistypes a password tries again after this long. */
const RETRY_LEAST_US = 8 * SECOND_US;
const RETRY_SPREAD_US = 80 * SECOND_US;

/** A purpose of the player's word. */
const RETRY = 4_000_000;
const CHARACTER = 8_000_000;

/** Sessions of the character that was made last. */
const LATEST_CHARACTER_SHARE = 0.55;

/** What decides the times of a player's logins. */
const PLAYER_READS = ["owner_id.created_at", "owner_id.active_until", "owner_id.login_count", "owner_id.play_word"];

/** All attempts to log in. */
export const loginHistory = entity("login_history", {
  comment: "Attempts to log in, those of attackers included; times grow with the ID within each account",
  rows: childrenOf("users", { total: ({ sizes }) => sizes["logins"], by: "login_weight" }),
  columns: {
    id: id(),
    attack: hidden(appended()),
    attempt: hidden(appendedIndex()),
    target: hidden(attackedUser()),
    attacker: hidden(attackerAddress()),
    burst: hidden(burstNumber()),
    owner_id: hidden(parent("users")),
    user_id: userId(),
    username: copied("user_id.username", TEXT),
    outcome: hidden(outcome()),
    slot_at: hidden(slotAt(0)),
    next_at: hidden(slotAt(1)),
    tried_at: hidden(triedAt()),
    succeeds: hidden(outcomeIs(PLAYS, LOOKS_IN)),
    plays: hidden(outcomeIs(PLAYS)),
    played: hidden(playedCharacter()),
    device: hidden(device()),
    client_login: hidden(fromClient()),
    ip_address: either("attack", copied("attacker", INET), homeAddress()),
    user_agent: either("attack", attackerAgent(), deviceAgent()),
    login_time: either("attack", attackedAt(), copied("tried_at", TIMESTAMPTZ)),
    success: either("attack", getsIn(), outcomeIs(PLAYS, LOOKS_IN)),
    failed: hidden(negated("success")),
    failure_reason: onlyWhere("failed", either("attack", textChoice(ATTACK_FAILURES), textChoice(FAILURES))),
    geo_location: either("attack", attackerSite(), copied("user_id.home_location", TEXT)),
    print_high: hidden(either("attack", attackerPrint("high"), devicePrint("high"))),
    print_low: hidden(either("attack", attackerPrint("low"), devicePrint("low"))),
    device_fingerprint: hexOf("print_high", "print_low"),
    attack_note: hidden(format("burst {burst}, account {username}, from {geo_location}")),
  },
  indexes: [["user_id", "login_time"], ["ip_address"]],
});

/** The account that the login belongs to, or that an attack tries. */
function userId(): Column {
  const reads = ["owner_id", "attack", "target"];
  return {
    ...numbers(
      { type: INT8, reads, about: "the account, by the fan-out; an attack's by its aim" },
      (context, inputs) => {
        const [owners, attack, targets] = inputs.map((_, at) => numbersOf(inputs, at).values);
        const { firstId } = context.entity("users");
        return ({ count }, out) => {
          for (let i = 0; i < count; i++) out[i] = attack[i] === 1 ? firstId + targets[i] : owners[i];
        };
      },
    ),
    references: { entity: "users", foreignKey: true },
  };
}

/** When the player's slot begins, or the one some places later. */
function slotAt(later: number): Column {
  const reads = [...PLAYER_READS, "owner_id.zone", "$ordinal"];
  const about = "a slot of the player's time, by the calendar of the region";
  return numbers({ type: TIMESTAMPTZ, reads, about }, (context, inputs) => {
    const [created, until, logins, words, zones, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const betweens = regionCalendars(context).map(({ between }) => between);
    const times: PlayerTimes = { createdUs: 0, untilUs: 0, logins: 0, word: 0 };
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        times.createdUs = created[i];
        times.untilUs = until[i];
        times.logins = logins[i];
        times.word = words[i];
        out[i] = slotMoment(times, ordinals[i] + later, betweens[zones[i]]);
      }
    };
  });
}

/** A failed attempt comes shortly before the next login. */
function triedAt(): Column {
  const reads = ["slot_at", "next_at", "outcome", "owner_id.play_word", "owner_id.login_count", "$ordinal"];
  const about = "the slot's moment; of a failure, shortly before the next login";
  return numbers({ type: TIMESTAMPTZ, reads, about }, (_context, inputs) => {
    const [slot, next, outcomes, words, logins, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (outcomes[i] !== FAILS || ordinals[i] + 1 >= logins[i]) out[i] = slot[i];
        else {
          const wait = RETRY_LEAST_US + unitOf(bitsOf(words[i], RETRY + ordinals[i])) * RETRY_SPREAD_US;
          out[i] = next[i] - Math.floor(Math.min(wait, (next[i] - slot[i]) / 2));
        }
      }
    };
  });
}

/** Which of the player's characters is played, from 0; -1 where none is. */
function playedCharacter(): Column {
  const reads = ["owner_id.login_count", "owner_id.play_word", "owner_id.character_count", "plays", "$ordinal"];
  const about = "one of the characters there are by then, mostly the latest";
  return numbers({ type: INT2, reads, about }, (_context, inputs) => {
    const [logins, words, characters, plays, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (plays[i] === 0) {
          out[i] = -1;
          continue;
        }
        const unit = unitOf(bitsOf(words[i], CHARACTER + ordinals[i]));
        const rest = (unit - LATEST_CHARACTER_SHARE) / (1 - LATEST_CHARACTER_SHARE);
        let character = rest < 0 ? characters[i] - 1 : Math.floor(rest * characters[i]);
        while (character > 0 && characterLogin(logins[i], words[i], character) > ordinals[i]) character--;
        out[i] = character;
      }
    };
  });
}

function negated(path: string): Column {
  return numbers({ type: BOOL, reads: [path], about: `not ${path}` }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = 1 - values[i];
    };
  });
}
