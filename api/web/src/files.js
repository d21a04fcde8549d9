/** Loaded where a participant may give a file: says at once what cannot be taken. */
import { watchFiles } from "./forms/files.js";

watchFiles(document);
