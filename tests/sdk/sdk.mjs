// Asks a host as an app of the SDK does. Arguments: its address, and its token if it has one. Prints what it was told, as one JSON object;
// with an error, the first call that failed.
import { Codex } from "@codex-storage/sdk-js";

const [address, token] = process.argv.slice(2);
const codex = new Codex(address, token ? { auth: { basic: btoa(`any:${token}`) } } : {});
const { marketplace, data, debug } = codex;

const told = {};
const ask = async (name, call) => {
  const { error, data } = await call;
  if (error) {
    throw new Error(`${name}: ${data.code} ${data.message} ${JSON.stringify(data.errors ?? "")}`);
  }

  return (told[name] = data);
};
const refused = async (name, call) => {
  const { error, data } = await call;
  told[name] = error ? { code: data.code, message: data.message } : "not refused";
};

const info = await ask("info", debug.info());
told.version = info.codex.version;
await ask("logLevel", debug.setLogLevel("INFO"));
await ask("space", data.space());
const before = (await ask("availabilitiesBefore", marketplace.availabilities())).length;

const made = await ask("created", marketplace.createAvailability({
  totalSize: 5_000_000,
  duration: 7_200,
  minPricePerBytePerSecond: 1_000,
  totalCollateral: 12345678901234567890123456789n,
}));
await ask("changed", marketplace.updateAvailability({
  id: made.id, totalSize: 6_000_000, minPricePerBytePerSecond: 2_000, enabled: false, until: 4_102_444_800,
}));
const all = await ask("availabilities", marketplace.availabilities());
const mine = all.find(availability => availability.id === made.id);
told.found = all.length === before + 1
  && mine.totalSize === 6_000_000
  && mine.duration === 7_200
  && mine.minPricePerBytePerSecond === 2_000n
  && mine.totalCollateral === 12345678901234567890123456789n
  && mine.totalRemainingCollateral === 12345678901234567890123456789n
  && mine.freeSize === 6_000_000
  && mine.enabled === false
  && mine.until === 4_102_444_800;

told.reservations = {};
for (const availability of all) {
  told.reservations[availability.id] = await ask("lastReservations", marketplace.reservations(availability.id));
}

const slots = await ask("slots", marketplace.activeSlots());
if (slots.length > 0) {
  await ask("slot", marketplace.activeSlot(slots[0].id));
}

await refused("badId", marketplace.reservations("7"));
await refused("unknownId", marketplace.updateAvailability({ id: "0x" + "7".repeat(64), totalSize: 1 }));
await refused("unknownSlot", marketplace.activeSlot("0x" + "7".repeat(64)));
await refused("tooLarge", marketplace.createAvailability({
  totalSize: Number.MAX_SAFE_INTEGER, duration: 1, minPricePerBytePerSecond: 1, totalCollateral: 1,
}));
await refused("purchases", marketplace.purchaseIds());
await refused("files", data.cids());

console.log(JSON.stringify(told, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
