/** Loaded where a participant signs: lets a signature be drawn beside the typed name. */
import { watchSignatures } from "./forms/signature.js";

watchSignatures(document);
