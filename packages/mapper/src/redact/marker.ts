export { MARKER } from '@cryptrail/catalogue/words';
