/** Loaded by every page. Pages work without it; it saves reloads and typed drafts. */
import "htmx.org";
