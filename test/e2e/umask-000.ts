/** Preloaded into snoboot (`node --import`): nothing is taken from the rights that files are made with, nor from those of its children's. */
process.umask(0);
